// The few calls of the peers, typed here so that the benchmarks need no further packages.

declare module 'pg' {
  class Pool {
    constructor(options: { connectionString: string | undefined; max: number })
    query(text: string, values?: readonly unknown[]): Promise<{ rows: Readonly<Record<string, unknown>>[] }>
  }
  const pg: { Pool: typeof Pool }
  export default pg
}
