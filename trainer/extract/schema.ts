import type { TrainerInput } from "../../contract/trainer-input.ts";
import { builtInDefaults } from "../../contract/defaults.ts";
import { isId, isMoment, isNumber, isOrder, typesOf, type ColumnKind } from "./column-kinds.ts";

/** What a table look-up finds: data types by column name, as information_schema calls them. */
export interface FoundTable {
  readonly columns: ReadonlyMap<string, { readonly dataType: string }>;
}

/** A column that will be selected, with the type that decides how. */
export interface PlannedColumn {
  readonly name: string;
  readonly dataType: string;
}

export interface CountsPlan {
  readonly table: string;
  readonly stationId: PlannedColumn;
  readonly date: PlannedColumn;
  readonly intensity: PlannedColumn;
  readonly order: PlannedColumn | undefined;
}

export interface WeatherPlan {
  readonly table: string;
  readonly date: PlannedColumn;
  readonly avgTemp: PlannedColumn | undefined;
  readonly maxTemp: PlannedColumn | undefined;
  readonly minTemp: PlannedColumn | undefined;
  readonly precipitation: PlannedColumn;
  readonly wind: PlannedColumn;
  readonly order: PlannedColumn | undefined;
}

export interface StationsPlan {
  readonly table: string;
  readonly stationId: PlannedColumn;
  readonly name: PlannedColumn | undefined;
  readonly longitude: PlannedColumn;
  readonly latitude: PlannedColumn;
}

export interface SourcePlan {
  readonly bikeCount: CountsPlan;
  readonly weather: WeatherPlan;
  readonly countersInfo: StationsPlan;
}

/** The names that Open-Meteo gives; taken where a table lacks the column of the built-in name. */
const openMeteoNames = new Map([
  [builtInDefaults.source.columns.weather.avgTemp, "temperature_2m_mean"],
  [builtInDefaults.source.columns.weather.precipitation, "precipitation_sum"],
  [builtInDefaults.source.columns.weather.wind, "wind_speed_10m_max"],
]);

/**
 * Finds every mapped column and checks its type before a row is read. All problems are told at once: each is one
 * sentence for the check `schema`.
 */
export function planSource(
  source: Pick<TrainerInput["source"], "tables" | "columns">,
  found: Readonly<Record<keyof SourcePlan, FoundTable | undefined>>,
): { readonly plan: SourcePlan } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const { tables, columns } = source;
  const counts = new TableReader("bikeCount", tables.bikeCount, found.bikeCount, problems);
  const weather = new TableReader("weather", tables.weather, found.weather, problems);
  const stations = new TableReader("countersInfo", tables.countersInfo, found.countersInfo, problems);
  const mapped = { counts: columns.bikeCount, weather: columns.weather, stations: columns.countersInfo };
  const defaults = builtInDefaults.source.columns;

  const maxTemp = weather.optional("maxTemp", mapped.weather.maxTemp, isNumber, defaults.weather.maxTemp);
  const minTemp = weather.optional("minTemp", mapped.weather.minTemp, isNumber, defaults.weather.minTemp);
  const hasExtremes = maxTemp !== undefined && minTemp !== undefined;
  const avgTemp = hasExtremes
    ? weather.optional("avgTemp", mapped.weather.avgTemp, isNumber, defaults.weather.avgTemp)
    : weather.required("avgTemp", mapped.weather.avgTemp, isNumber);
  const plan: SourcePlan = {
    bikeCount: {
      table: tables.bikeCount,
      stationId: counts.required("stationId", mapped.counts.stationId, isId),
      date: counts.required("date", mapped.counts.date, isMoment),
      intensity: counts.required("intensity", mapped.counts.intensity, isNumber),
      order: counts.optional("order", mapped.counts.order, isOrder, defaults.bikeCount.order),
    },
    weather: {
      table: tables.weather,
      date: weather.required("date", mapped.weather.date, isMoment),
      avgTemp,
      maxTemp,
      minTemp,
      precipitation: weather.required("precipitation", mapped.weather.precipitation, isNumber),
      wind: weather.required("wind", mapped.weather.wind, isNumber),
      order: weather.optional("order", mapped.weather.order, isOrder, defaults.weather.order),
    },
    countersInfo: {
      table: tables.countersInfo,
      stationId: stations.required("stationId", mapped.stations.stationId, isId),
      name: stations.optional("name", mapped.stations.name, isId, defaults.countersInfo.name),
      longitude: stations.required("longitude", mapped.stations.longitude, isNumber),
      latitude: stations.required("latitude", mapped.stations.latitude, isNumber),
    },
  };
  return problems.length === 0 ? { plan } : { problems };
}

const nothing: PlannedColumn = { name: "", dataType: "" };

/** Looks columns of one table up and collects what is wrong with them. */
class TableReader {
  readonly #key: string;
  readonly #table: string;
  readonly #found: FoundTable | undefined;
  readonly #problems: string[];

  constructor(key: string, table: string, found: FoundTable | undefined, problems: string[]) {
    this.#key = key;
    this.#table = table;
    this.#found = found;
    this.#problems = problems;
    if (found === undefined) {
      problems.push(`there is no table ${table}; create it or map another with source.tables.${key}`);
    }
  }

  required(role: string, name: string, accepts: ColumnKind): PlannedColumn {
    if (this.#found === undefined) return nothing;
    const column = this.#column(name) ?? this.#column(openMeteoNames.get(name) ?? name);
    if (column === undefined) {
      const has = [...this.#found.columns.keys()].slice(0, 20).join(", ");
      this.#problems.push(
        `table ${this.#table} has no column ${name} (it has ${has}); map it with source.columns.${this.#key}.${role}`,
      );
      return nothing;
    }
    return this.#checked(column, accepts);
  }

  /** Undefined where the mapping says null, or where the built-in name is simply not there. */
  optional(
    role: string,
    name: string | null,
    accepts: ColumnKind,
    builtIn: string,
  ): PlannedColumn | undefined {
    if (name === null) return undefined;
    const column = this.#column(name) ?? this.#column(openMeteoNames.get(name) ?? name);
    if (column === undefined && name === builtIn) return undefined;
    return column === undefined ? this.required(role, name, accepts) : this.#checked(column, accepts);
  }

  #column(name: string): PlannedColumn | undefined {
    const column = this.#found?.columns.get(name);
    return column === undefined ? undefined : { name, dataType: column.dataType };
  }

  #checked(column: PlannedColumn, accepts: ColumnKind): PlannedColumn {
    if (!accepts(column.dataType)) {
      this.#problems.push(
        `column ${this.#table}.${column.name} has type ${column.dataType}; expected ${typesOf(accepts)}`,
      );
    }
    return column;
  }
}
