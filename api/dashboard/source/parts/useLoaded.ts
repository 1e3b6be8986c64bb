// What a page shows, read when it opens and, if wanted, again and again while the page is seen.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { reasonOf } from "../wire/request";

/** `reason` is what failed, `error` the same in words; what was read before stays meanwhile. */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  key: unknown,
  every?: number,
) {
  const [value, keep] = useState<T | null>(null);
  const [reason, fail] = useState<unknown>(null);
  const current = useRef(key);
  current.current = key;
  const running = useRef<AbortController | null>(null);
  const again = useCallback(() => {
    // An answer to what is no longer asked comes too late.
    const wanted = () => current.current === key;
    const control = new AbortController();
    running.current = control;
    const over = () => {
      if (running.current === control) running.current = null;
    };
    return load(control.signal).then(
      (found) => {
        over();
        if (!wanted()) return;
        keep(found);
        fail(null);
      },
      (error) => {
        over();
        if (wanted() && !control.signal.aborted) fail(error);
      },
    );
  }, [key]);
  useEffect(() => {
    void again();
    return () => running.current?.abort();
  }, [key]);
  useEffect(() => {
    if (!every) return;
    // A service that is slow is not asked the same again before it has answered.
    const idle = () => !document.hidden && running.current === null;
    const timer = setInterval(() => idle() && void again(), every);
    return () => clearInterval(timer);
  }, [key, every]);
  return { value, reason, error: reason === null ? null : reasonOf(reason), again };
}
