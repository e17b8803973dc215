/** Text of the document: paragraphs, and code between backticks. */
export function RichText({ text }: { text: string }) {
  return (
    <>
      {text.split("\n\n").map((paragraph) => (
        <p>
          <Inline text={paragraph} />
        </p>
      ))}
    </>
  );
}

/** One paragraph of it. */
export function Inline({ text }: { text: string }) {
  // Every second piece stood between backticks.
  return <>{text.split("`").map((piece, i) => (i % 2 === 1 ? <code>{piece}</code> : piece))}</>;
}
