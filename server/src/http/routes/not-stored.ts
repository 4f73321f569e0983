/** The header of responses about the moment, or about the person: no cache keeps them. */
export const NOT_STORED = { 'Cache-Control': 'no-store' } as const;
