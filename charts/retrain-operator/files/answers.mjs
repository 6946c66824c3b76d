for (const address of process.argv.slice(1)) {
  const { status } = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  console.log(`${address}: ${status}`);
  if (status !== 200) process.exitCode = 1;
}
