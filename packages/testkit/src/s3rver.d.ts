/** The package ships no types; this is what the tests use of it. */
declare module '@20minutes/s3rver' {
  export interface S3rverOptions {
    address: string
    port: number
    silent: boolean
    directory: string
    vhostBuckets: boolean
    configureBuckets: { name: string }[]
  }
  export default class S3rver {
    constructor(options: S3rverOptions)
    run(): Promise<{ port: number }>
    close(): Promise<void>
  }
}
