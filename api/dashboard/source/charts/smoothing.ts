// An exponential moving average without its bias towards the beginning.

type Values = (number | null | undefined)[];

/** `weight` of 0 leaves the values; near 1 they are very smooth. Gaps stay gaps. */
export function smoothed(values: Values, weight: number): Values {
  let mean = 0;
  let sum = 0;
  return values.map((value) => {
    if (value == null) return value;
    mean = mean * weight + value * (1 - weight);
    sum = sum * weight + (1 - weight);
    return mean / sum;
  });
}
