import type { FunctionComponent } from 'preact';

/** A screen of the studio. */
export interface Screen {
  /** Its address below `/studio`. */
  readonly path: string;
  /** Its name in the navigation, and in the window's title. */
  readonly title: string;
  /** Loads its code when it is first opened. */
  readonly load: () => Promise<FunctionComponent>;
}

/** Every screen, in the order of the navigation. */
export const SCREENS: readonly Screen[] = [
  { path: '/', title: 'Home', load: async () => (await import('./screens/home/home.tsx')).Home },
  { path: '/data', title: 'Data', load: async () => (await import('./screens/data/data.tsx')).Data },
  { path: '/train', title: 'Train', load: async () => (await import('./screens/train/train.tsx')).Train },
  { path: '/judge', title: 'Judge', load: async () => (await import('./screens/judge/judge.tsx')).Judge },
  { path: '/models', title: 'Models', load: async () => (await import('./screens/models/models.tsx')).Models },
  { path: '/try', title: 'Try', load: async () => (await import('./screens/try/try.tsx')).Try },
  { path: '/taste', title: 'Taste', load: async () => (await import('./screens/taste/taste.tsx')).Taste },
];
