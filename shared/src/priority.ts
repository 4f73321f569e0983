/** `now`: a person waits for it. `ahead`: scored before it is needed, and only when nothing waits that is `now`. */
export const PRIORITIES = ['now', 'ahead'] as const;
