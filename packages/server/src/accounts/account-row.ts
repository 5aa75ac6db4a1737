import type { AccountRow } from '../store/sql/schema.ts'

/** An account as features see it. */
export interface Account {
  id: string
  /** In small letters; null for users without a password of ours. */
  email: string | null
  roles: string[]
  isDisabled: boolean
  passwordHash: string | undefined
}

/** Undefined for no row, and for what is left of a deleted account. */
export function fromRow(row: AccountRow | undefined): Account | undefined {
  if (!row) return undefined
  const roles: string[] = JSON.parse(row.roles)
  if (roles.length === 0) return undefined
  const { id, email, disabled, password_hash: hash } = row
  return { id, email, roles, isDisabled: disabled === 1, passwordHash: hash ?? undefined }
}

/** E-mail addresses are compared without regard to the case of letters. */
export function comparable(email: string): string {
  return email.toLowerCase()
}

/** The one role of replies that know only one. */
function mainRole(roles: readonly string[]): string {
  return roles.includes('admin') ? 'admin' : (roles[0] ?? '')
}

export function toUser({ id, email, roles }: Account) {
  return { id, email, role: mainRole(roles) }
}

export function toFullUser(account: Account) {
  return { ...toUser(account), roles: account.roles, disabled: account.isDisabled }
}
