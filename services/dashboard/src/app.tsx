import { useState } from "react";
import { FunctionsPage } from "./pages/functions.tsx";
import { InvocationsPage } from "./pages/invocations.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { TriggersPage } from "./pages/triggers.tsx";
import { UsagePage } from "./pages/usage.tsx";
import { WorkersPage } from "./pages/workers.tsx";
import { IsolationWarning } from "./parts/isolation.tsx";
import { TokenForm } from "./parts/token-form.tsx";
import { keepToken, readToken } from "./token.ts";

const pages = {
  Overview: OverviewPage,
  Functions: FunctionsPage,
  Invocations: InvocationsPage,
  Workers: WorkersPage,
  Triggers: TriggersPage,
  Usage: UsagePage,
} as const;
type PageName = keyof typeof pages;
const pageNames = Object.keys(pages) as PageName[]; // Object.keys forgets the keys' type.

export function App() {
  const [token, setToken] = useState(readToken);
  const [page, setPage] = useState<PageName>("Overview");
  if (token === undefined) {
    const take = (entered: string): void => {
      keepToken(entered);
      setToken(entered);
    };
    return <TokenForm onToken={take} />;
  }
  const Page = pages[page];
  return (
    <>
      <header>
        <strong>Paddock</strong>
        <nav>
          {pageNames.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={name === page ? "page" : undefined}
              onClick={() => setPage(name)}
            >
              {name}
            </button>
          ))}
        </nav>
        <IsolationWarning />
      </header>
      <main>
        <Page />
      </main>
    </>
  );
}
