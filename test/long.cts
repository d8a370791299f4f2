/** Whether the long form of a suite was asked for (`npm run test:chaos`, `npm run test:queue`). */
export const isLong = process.env.LONG === '1';

/** The count of the long form, or the short one that `npm test` runs. */
export const count = (long: number, short: number): number => (isLong ? long : short);
