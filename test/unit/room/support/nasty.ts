import fc from "fast-check";

/** Text that some reader, page or URL has stumbled over. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "",
    " ",
    "\u200b",
    "\u0000",
    "a\u0000b",
    "\r\n: data",
    "\u2028",
    "\ufeff",
    "\u202e",
    "\ud800",
    "\udc00a",
    ".",
    "..",
    "1",
    "👩‍👧",
    "</script>",
    '"__proto__":',
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);

const nastyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    2 ** 53 - 1,
    2 ** 53,
    -(2 ** 53),
    Number("653247040368672768"),
    Number("999999999999999868928"),
    1e21,
    -1e21,
    1e300,
    5e-324,
    4_503_599_627_370_495.5,
    2 ** 32,
    -(2 ** 31) - 1,
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const leaf = fc.oneof(fc.constant(null), fc.boolean(), nastyNumber, nastyText);

const tree: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(nastyText, tie("value")), { maxLength: 4 }).map(Object.fromEntries),
  ),
})).value;

/** Around the bound, and around what was one too many when it was wrapped. */
const deep = fc
  .tuple(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(15, 16, 17)), leaf, fc.boolean())
  .map(([depth, inner, inObjects]) => {
    let value: unknown = inner;
    for (let level = 0; level < depth; level += 1) value = inObjects ? { a: value } : [value];
    return value;
  });

/** JSON as a stranger words it: most of it is fit for everybody. */
export const nastyJson: fc.Arbitrary<unknown> = fc.oneof(tree, deep);

/** What MessagePack can carry besides. */
export const nastyBinary: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: nastyJson },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      2n ** 53n,
      2n ** 64n - 1n,
      -(2n ** 63n),
      7n,
      new Uint8Array([1, 2]),
      new Date(0),
    ),
  },
);
