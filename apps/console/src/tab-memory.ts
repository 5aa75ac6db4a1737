/** What this tab remembers over a refresh. A browser that refuses storage only forgets. */
export const tabMemory = {
  /** `isValid` guards against what an older version has left. */
  read<T>(key: string, isValid: (value: unknown) => value is T): T | undefined {
    try {
      const value: unknown = JSON.parse(sessionStorage.getItem(`belfry:${key}`) ?? 'null')
      return isValid(value) ? value : undefined
    } catch {
      return undefined
    }
  },
  write(key: string, value: unknown): void {
    try {
      if (value === undefined) sessionStorage.removeItem(`belfry:${key}`)
      else sessionStorage.setItem(`belfry:${key}`, JSON.stringify(value))
    } catch {
      // Private windows and full storage: the tab forgets, nothing else.
    }
  },
}
