/** Who signs the tokens of this app, and for whom: its own pages, and Belfry. */
export const issuer = 'next-shop'
export const audiences = { session: 'next-shop', inbox: 'belfry' } as const
