/** From this many characters before the limit on, the rest is counted. */
const NEAR = 300;

const number = new Intl.NumberFormat();

/** How much more text fits, once that is worth knowing; the alert is raised once, not on each key. */
export function LengthHint(props: {
  readonly id: string;
  readonly length: number;
  readonly limit: number;
}) {
  const left = props.limit - props.length;
  return (
    <div class="length" id={props.id}>
      {left < 0 && (
        <p role="alert">
          Too long to send: a message has at most {number.format(props.limit)} characters.
        </p>
      )}
      {left < 0 && <p>{number.format(-left)} too many</p>}
      {left >= 0 && left < NEAR && <p>{number.format(left)} left</p>}
    </div>
  );
}
