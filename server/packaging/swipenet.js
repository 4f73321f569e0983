#!/usr/bin/env node
// Starts Swipenet, or says which Node it needs. Any Node can read this file.
const oldest = 24;
if (Number(process.versions.node.split('.')[0]) >= oldest) {
  await import('../server/src/main.js');
} else {
  console.error(`swipenet: this is Node ${process.version}, and Swipenet needs Node ${oldest} or newer`);
  process.exitCode = 2;
}
