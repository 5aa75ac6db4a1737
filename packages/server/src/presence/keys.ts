/** The name by which a connection of another node is known here: no connection of this node has such a one. */
export const keyOf = (node: string, connectionId: string): string => `${node} ${connectionId}`

export const isElsewhere = (connectionId: string): boolean => connectionId.includes(' ')
