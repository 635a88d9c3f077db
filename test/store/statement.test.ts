import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { scalar, statement } from '../../src/core/store/statement.ts'
import { recordStatements } from '../support/query-plans.ts'

const database = new Database(':memory:')
database.exec('CREATE TABLE u (a); CREATE INDEX u_a ON u (a)')

test('hides values by which SQLite would plan a statement again for each run', () => {
  const texts = recordStatements(database)
  statement(database, 'SELECT a FROM u WHERE a = @a AND rowid >= @from')
  statement(database, 'SELECT a FROM u WHERE a IS ? LIMIT ?')
  scalar(database, 'SELECT a FROM u WHERE a IN (SELECT value FROM json_each(?)) LIMIT @most')
  expect(texts).toEqual([
    'SELECT a FROM u WHERE a = +@a AND rowid >= +@from',
    'SELECT a FROM u WHERE a IS +? LIMIT +?',
    'SELECT a FROM u WHERE a IN (SELECT value FROM json_each(?)) LIMIT +@most',
  ])
})

test.each([7, -0.5, '7', '고양이', Buffer.from('고'), null])('finds %o as it was written', (value) => {
  database.exec('DELETE FROM u')
  statement(database, 'INSERT INTO u VALUES (?)').run(value === null ? 0 : null)
  statement(database, 'UPDATE u SET a = ?').run(value)
  expect(statement(database, 'SELECT a, typeof(a) AS type FROM u WHERE a IS ? LIMIT ?').all(value, 2)).toEqual(
    database.prepare('SELECT a, typeof(a) AS type FROM u').all(),
  )
  expect(scalar(database, 'SELECT count(*) FROM u WHERE a = ?').get(value)).toBe(value === null ? 0 : 1)
})
