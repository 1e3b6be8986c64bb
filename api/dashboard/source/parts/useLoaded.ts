// What a page shows, read when it opens and, if wanted, again and again while the page is seen.
import { useCallback, useEffect, useState } from "preact/hooks";
import { reasonOf } from "../wire/request";

export function useLoaded<T>(load: () => Promise<T>, key: unknown, every?: number) {
  const [value, keep] = useState<T | null>(null);
  const [error, fail] = useState<string | null>(null);
  const again = useCallback(
    () =>
      load().then(
        (found) => {
          keep(found);
          fail(null);
        },
        (reason) => fail(reasonOf(reason)),
      ),
    [key],
  );
  useEffect(() => {
    void again();
    if (!every) return;
    const timer = setInterval(() => !document.hidden && void again(), every);
    return () => clearInterval(timer);
  }, [key, every]);
  return { value, error, again };
}
