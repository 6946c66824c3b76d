import { Gauge, type Registry } from "prom-client";

import { gaugeDefinitions, type GaugeDefinition } from "./gauge-definitions.ts";
import type { ModelFacts } from "./model-facts.ts";

/** The gauges about models. They hold nothing: each scrape asks for the facts anew, once. */
export function registerGauges(registry: Registry, factsNow: () => readonly ModelFacts[]): void {
  const facts = oncePerTurn(factsNow);
  for (const definition of gaugeDefinitions) registerGauge(registry, definition, facts);
}

function registerGauge(
  registry: Registry,
  { name, help, labels, samples }: GaugeDefinition,
  facts: () => readonly ModelFacts[],
): void {
  new Gauge({
    name,
    help,
    labelNames: ["model", ...labels],
    registers: [registry],
    collect() {
      this.reset();
      for (const of of facts()) {
        for (const [rest, value] of samples(of)) {
          if (value !== undefined) this.set({ model: of.view.model, ...rest }, value);
        }
      }
    },
  });
}

/** The registry collects all gauges of a scrape in one turn of the event loop. */
function oncePerTurn<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    if (known === undefined) {
      known = { value: compute() };
      setImmediate(() => {
        known = undefined;
      });
    }
    return known.value;
  };
}
