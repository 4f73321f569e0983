// The thread of a child that reports, past its blocked event loop, that the process computes: one byte each time when it
// has used CPU time since the last. Writing to a pipe and asking for CPU time are the same on Linux, macOS and Windows. It
// takes 50 ms and 20 MB once, then 1 ms of CPU in 25 s (measured on Linux, Node 26), and starts with the first question
// that needs it.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { HEARTBEAT_FD } from './protocol.ts';

/** Far more than this thread itself uses between two beats, far less than the slowest computation does. */
const LEAST_MICROSECONDS = 20_000;

let reported = 0;
setInterval(() => {
  const { user, system } = process.cpuUsage();
  if (user + system - reported < LEAST_MICROSECONDS) return;
  reported = user + system;
  try {
    writeSync(HEARTBEAT_FD, '.');
  } catch {
    process.kill(process.pid, 'SIGKILL'); // the parent is gone, and the event loop may not notice for minutes
  }
}, workerData);
