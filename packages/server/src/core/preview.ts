const MAX_CHARACTERS = 120

/** The beginning of a text as it stands, for where a message is only announced. Source: contract.md §7. */
export const previewOf = (content: string): string => [...content].slice(0, MAX_CHARACTERS).join('')
