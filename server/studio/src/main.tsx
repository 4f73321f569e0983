import { render } from 'preact';
import { followEvents } from './live/events.ts';
import { Studio } from './studio.tsx';
import './studio.css';

followEvents();
render(<Studio />, document.getElementById('studio')!);
