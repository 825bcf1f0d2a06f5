export function TokenForm({ onToken }: { onToken: (token: string) => void }) {
  const submit = (data: FormData): void => {
    const token = data.get("token");
    if (typeof token === "string" && token !== "") onToken(token.trim());
  };
  return (
    <main className="narrow">
      <h1>Paddock</h1>
      <p>
        Run <code>npx paddock dashboard</code> and open the link that it prints, or paste the admin
        token here.
      </p>
      <form action={submit}>
        <input name="token" type="password" autoComplete="off" aria-label="Admin token" />
        <button type="submit">Open</button>
      </form>
    </main>
  );
}
