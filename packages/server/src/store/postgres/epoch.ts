import { randomUUID } from 'node:crypto'
import { openPool } from './connection.ts'

/**
 * Gives the log of a database that was put back from a dump a new identity and returns it: a cursor of the old one is
 * answered with a snapshot.
 * @throws Error when there are no data
 */
export async function renewEpoch(url: string): Promise<string> {
  const pool = openPool({ url, max: 1, isPatient: true, onError: () => {} })
  try {
    const found = await pool.query(`select to_regclass('setting') is not null as is_there`)
    if (found.rows[0]?.is_there !== 1)
      throw new Error('There are no data of Belfry in this database. Look at DATABASE_URL.')
    const epoch = randomUUID()
    await pool.query(`update setting set value = $1 where name = 'epoch'`, [epoch])
    return epoch
  } finally {
    await pool.end()
  }
}
