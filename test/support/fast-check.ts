/**
 * Property testing. In CI every run draws the same cases, so that only a change can fail it; elsewhere every run draws new
 * ones. A failure prints its seed.
 */
import fc from 'fast-check'

if (process.env.CI) fc.configureGlobal({ seed: 20_260_128 })

export default fc
