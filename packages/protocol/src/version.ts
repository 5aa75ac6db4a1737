/** Version of the words on the wire. The wire-hash test fails when they change and this number does not. */
export const PROTOCOL_VERSION = 2
