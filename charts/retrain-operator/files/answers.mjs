const statusOf = ({ status }) => status;
const whyNone = ({ cause, message }) => cause?.message ?? message;
for (const address of process.argv.slice(1)) {
  const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) }).then(statusOf, whyNone);
  console.log(`${address}: ${answer}`);
  if (answer !== 200) process.exitCode = 1;
}
