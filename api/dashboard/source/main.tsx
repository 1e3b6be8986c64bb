// Puts the dashboard on its page.
import { render } from "preact";
import "./state/theme";
import { App } from "./App";

render(<App />, document.getElementById("app")!);
