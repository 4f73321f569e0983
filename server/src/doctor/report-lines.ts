import type { CheckResult, DoctorReport } from './examine.ts';

/** Formats the doctor's report for people: each device with its checks, then the verdict. */
export function reportLines({ checks, verdict }: DoctorReport): string {
  const devices = [...new Set(checks.map(({ device }) => device))];
  const width = Math.max(...checks.map(({ name }) => name.length));
  const sections = devices.map((device) => {
    const own = checks.filter((check) => check.device === device);
    return [device, ...own.flatMap((check) => linesOf(check, width))].join('\n');
  });
  return [...sections, verdict].join('\n\n');
}

function linesOf({ status, name, summary, advice, details }: CheckResult, width: number): string[] {
  const words = status === 'pass' || typeof details !== 'string' ? [] : details.split('\n');
  return [
    `  ${status}  ${name.padEnd(width)}  ${summary}`,
    ...(advice === undefined ? [] : [`        → ${advice}`]),
    ...words.map((word) => `        | ${word}`),
  ];
}
