#!/usr/bin/env node
// kubectl runs this program to complete the words after `kubectl wuhrai`.
process.argv.splice(2, 0, '__complete', '--kubectl');
await import('../dist/main.js');
