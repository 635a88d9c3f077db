/** Called by electron-builder before it signs: Electron's Info.plist asks for a camera and a microphone, which the app never uses. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const unused = [
  'NSCameraUsageDescription',
  'NSMicrophoneUsageDescription',
  'NSAudioCaptureUsageDescription',
  'NSBluetoothAlwaysUsageDescription',
  'NSBluetoothPeripheralUsageDescription',
]

/** A property list in XML without the texts for devices that the app does not use. */
export const withoutUnusedDevices = (plist) =>
  plist.replace(new RegExp(`\\s*<key>(?:${unused.join('|')})</key>\\s*<string>[^<]*</string>`, 'g'), '')

/** @param {{ electronPlatformName: string, appOutDir: string, packager: { appInfo: { productFilename: string } } }} context */
export default function afterPack({ electronPlatformName, appOutDir, packager }) {
  if (electronPlatformName !== 'darwin') return
  const path = join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Info.plist')
  writeFileSync(path, withoutUnusedDevices(readFileSync(path, 'utf8')))
}
