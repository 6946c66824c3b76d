import type { OperatorConfig } from "./config.ts";
import { createControl, type Surroundings } from "./control.ts";
import { startServer } from "./server.ts";

const concurrency = 8;

/**
 * Carries out the RetrainRuns of the configured namespaces until the signal: then the passes in hand are finished, their Events
 * written and the Leases released.
 */
export async function runOperator(
  config: OperatorConfig,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  const { log } = surroundings;
  const { queue, worlds, leadership, events, metrics, pass, alive, ready } = createControl(
    config,
    surroundings,
  );
  await using server = await startServer(config, { alive, ready, registry: metrics.registry, log });
  const { namespaces, identity, version } = config;
  log.info("The operator has started", { namespaces, identity, version, port: server.port });
  const watches = new AbortController();
  const watching = worlds.run(watches.signal);
  if (namespaces !== "all") for (const namespace of namespaces) leadership.follow(namespace);

  await queue.run(pass, { concurrency, signal });

  log.info("The operator ends: no pass is in hand");
  watches.abort();
  await Promise.all([watching, events.flush()]);
  await leadership.leaveAll();
}
