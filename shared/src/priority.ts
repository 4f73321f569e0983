/** `now`: somebody is waiting for the result. `ahead`: nobody is waiting yet, so these photos go after all others. */
export const PRIORITIES = ['now', 'ahead'] as const;
