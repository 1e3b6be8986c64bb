// What a page shows, read when it opens and, if wanted, again and again while the page is seen.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { reasonOf } from "../wire/request";

/** `reason` is what failed, `error` the same in words; what was read before stays meanwhile. */
export function useLoaded<T>(load: () => Promise<T>, key: unknown, every?: number) {
  const [value, keep] = useState<T | null>(null);
  const [reason, fail] = useState<unknown>(null);
  const current = useRef(key);
  current.current = key;
  const again = useCallback(() => {
    // An answer to what is no longer asked comes too late.
    const wanted = () => current.current === key;
    return load().then(
      (found) => {
        if (!wanted()) return;
        keep(found);
        fail(null);
      },
      (error) => {
        if (wanted()) fail(error);
      },
    );
  }, [key]);
  useEffect(() => {
    void again();
    if (!every) return;
    const timer = setInterval(() => !document.hidden && void again(), every);
    return () => clearInterval(timer);
  }, [key, every]);
  return { value, reason, error: reason === null ? null : reasonOf(reason), again };
}
