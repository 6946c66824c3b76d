import { describe, expect, test } from "@jest/globals";

import { predictBlocks } from "../../../trainer/evaluate/predictions.ts";
import { columnOf } from "../../../trainer/features/names.ts";
import { allRows, FeatureSource } from "../../../trainer/features/source.ts";
import { smallFit } from "../champion/published-city.ts";
import { cityHistory, cityPool } from "./small-city.ts";

describe("predictBlocks()", () => {
  test("predicts all blocks in the source's order, as the pool predicts the same rows", async () => {
    const { table } = cityHistory();
    await using pool = await cityPool(table);
    const { model } = await pool.fit({ range: allRows(table), ...smallFit });
    const range = { from: 3, to: 700 };
    const expected = await pool.predict(model, range);
    for (const batchRows of [100, 697, 5000]) {
      const source = new FeatureSource(table, range, batchRows);
      expect(await predictBlocks(model, source, { pool, nthread: 1 })).toEqual(expected);
    }
  });

  test("gives a model the rewritten values", async () => {
    const { table } = cityHistory();
    await using pool = await cityPool(table);
    const { model } = await pool.fit({ range: allRows(table), ...smallFit });
    const ofStation = async (number: number) =>
      await predictBlocks(
        model,
        new FeatureSource(table, allRows(table), 250),
        { pool, nthread: 1 },
        (values, { stride }) => {
          const start = columnOf("station_id") * stride;
          values.fill(number, start, start + stride);
          values.fill(NaN, columnOf("lag_1") * stride);
        },
      );
    expect(await ofStation(0)).not.toEqual(await ofStation(5));
  });

  test("has nothing to say about no rows", async () => {
    const { table } = cityHistory();
    await using pool = await cityPool(table, 1);
    const source = new FeatureSource(table, { from: 9, to: 9 }, 100);
    expect(await predictBlocks(new Uint8Array(), source, { pool, nthread: 1 })).toEqual(new Float32Array());
  });
});
