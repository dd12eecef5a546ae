/**
 * Erlang C: the M/M/c queue, by the stable recursion on Erlang B. Arrivals in a SOC are burstier than Poisson, so
 * every wait here is a lower bound.
 */
export interface QueueLoad {
  arrivalsPerHour: number;
  handlingMinutes: number;
  servers: number;
}

export type QueueForecast =
  /** More work than people: the queue grows without end and has no mean. */
  | { kind: 'overloaded'; utilisation: number }
  | {
      kind: 'stable';
      utilisation: number;
      waitProbability: number;
      meanWaitMinutes: number;
      p95WaitMinutes: number;
      /** Little's law: mean number that waits. */
      meanQueue: number;
    };

/** Probability that an arrival has to wait, for `offered` erlangs on `servers`. 1 when overloaded. */
export function waitProbability(offered: number, servers: number): number {
  if (offered >= servers) return 1;
  if (offered <= 0) return 0;
  let blocking = 1;
  for (let k = 1; k <= servers; k++) blocking = (offered * blocking) / (k + offered * blocking);
  return (servers * blocking) / (servers - offered * (1 - blocking));
}

export function forecastQueue(load: QueueLoad): QueueForecast {
  const offered = (load.arrivalsPerHour * load.handlingMinutes) / 60;
  const utilisation = offered / load.servers;
  if (offered >= load.servers) return { kind: 'overloaded', utilisation };
  const waits = waitProbability(offered, load.servers);
  // Per minute: how much faster the pool works than work arrives.
  const spareRate = load.servers / load.handlingMinutes - load.arrivalsPerHour / 60;
  const meanWaitMinutes = waits / spareRate;
  return {
    kind: 'stable',
    utilisation,
    waitProbability: waits,
    meanWaitMinutes,
    p95WaitMinutes: waits > 0.05 ? Math.log(waits / 0.05) / spareRate : 0,
    meanQueue: (load.arrivalsPerHour / 60) * meanWaitMinutes,
  };
}

/** Share of arrivals that wait at most `minutes`. 0 when overloaded. */
export function shareWithin(load: QueueLoad, minutes: number): number {
  const offered = (load.arrivalsPerHour * load.handlingMinutes) / 60;
  if (offered >= load.servers) return 0;
  const spareRate = load.servers / load.handlingMinutes - load.arrivalsPerHour / 60;
  return 1 - waitProbability(offered, load.servers) * Math.exp(-spareRate * minutes);
}

/**
 * The highest utilisation at which the mean wait stays within `waitShareMax` of the handling time, for a pool of
 * `servers`. A pool of 2 can be used to 45 %, one of 12 to 84 %: the well-known 85 % holds for large pools only.
 */
export function maxUtilisation(servers: number, waitShareMax = 0.25): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const utilisation = (low + high) / 2;
    const meanWaitShare = waitProbability(utilisation * servers, servers) / (servers * (1 - utilisation));
    if (meanWaitShare <= waitShareMax) low = utilisation;
    else high = utilisation;
  }
  return low;
}
