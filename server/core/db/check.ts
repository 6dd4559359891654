/** The first question to a database: whether it is one we can work with. Each answer says what is wrong and the fix. */
import type { Database } from './db.ts'

type Found = {
  role: string
  database: string
  super: boolean
  bypass: boolean
  creates: boolean
  version: number
  encoding: string
}

const faults: Record<string, string> = {
  '28P01': 'Check the name and the password in it.',
  '28000': 'The database server lets this role in from here by no way; see its pg_hba.conf.',
  '3D000': 'Make it, owned by this role: createdb --owner=ROLE --encoding=UTF8 --template=template0 NAME',
  '57P03': 'The database server is starting or stopping. Try again in a moment.',
  '53300': 'The database server has no connection left. Raise its max_connections.',
  ECONNREFUSED: 'No database server answers there. Start it, or correct the host and port.',
  ENOENT: 'There is no such socket. Start the database server, or correct the host.',
  ENOTFOUND: 'Correct the host.',
  EAI_AGAIN: 'The name of the host cannot be looked up now.',
  ETIMEDOUT: 'The host does not answer. Correct it, or let this machine through its firewall.',
  EHOSTUNREACH: 'The host cannot be reached from here.',
}

/**
 * Refuses a database that cannot be reached, is too old or of another encoding, and a role that row-level security
 * does not bind (contract §2) or that may not make our tables.
 */
export async function checkRole(database: Database): Promise<void> {
  const found = await look(database)
  if (found.version < 150_000)
    throw new Error('DATABASE_URL: PostgreSQL 15 or newer is needed. Upgrade the database server.')
  if (found.encoding !== 'UTF8')
    throw new Error(
      `DATABASE_URL: the database ${found.database} holds text as ${found.encoding}, and UTF8 is needed. ` +
        'Make another: createdb --encoding=UTF8 --template=template0 …',
    )
  if (found.super || found.bypass)
    throw new Error(
      `DATABASE_URL: the role ${found.role} is ${found.super ? 'a superuser' : 'allowed to bypass row-level security'}, so one ` +
        `school could see another's people. Mend it as another superuser with: ALTER ROLE "${found.role}" NOSUPERUSER NOBYPASSRLS;`,
    )
  if (!found.creates)
    throw new Error(
      `DATABASE_URL: the role ${found.role} may make no tables in the database ${found.database}. Mend it as a superuser ` +
        `with: ALTER DATABASE "${found.database}" OWNER TO "${found.role}";`,
    )
}

async function look(database: Database): Promise<Found> {
  try {
    const { rows } = await database.pool.query<Found>(
      `select current_user as role, current_database() as database, rolsuper as super, rolbypassrls as bypass,
         has_database_privilege(current_database(), 'create') as creates,
         current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding
       from pg_roles where rolname = current_user`,
    )
    return rows[0]!
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    const fix = faults[code]
    // Where a host has several addresses, only the code says what was wrong.
    if (fix === undefined) throw error
    throw new Error(`DATABASE_URL: ${message || code}. ${fix}`, { cause: error })
  }
}
