import type * as TypeScript from 'typescript';

type Compiler = typeof TypeScript;

/** The file in which tslab's compiler finds what the cells before have declared. */
const EARLIER_DECLARATIONS = '__prev__.d.ts';

/**
 * What comes before tslab's own transformer, which keeps the variables of a notebook as properties of
 * `exports` and rewrites each name that stands for one, but takes the names of properties for names of
 * variables, and the reverse:
 *
 *     f({ y })            stays as it is: y is not defined
 *     const { y: a } = o  becomes const { exports, y: a } = exports.o
 *
 * So this one qualifies shorthand properties, and keeps names of properties from being taken for
 * variables.
 */
export function earlierNames(
  ts: Compiler,
  checker: TypeScript.TypeChecker,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const { factory } = ts;
  const isEarlier = (symbol: TypeScript.Symbol | undefined): boolean =>
    symbol?.declarations?.some((declaration) =>
      declaration.getSourceFile().fileName.endsWith(EARLIER_DECLARATIONS),
    ) ?? false;

  /** { y } and ({ y = 1 } = o) as { y: exports.y } and ({ y: exports.y = 1 } = o). */
  function qualified(
    node: TypeScript.ShorthandPropertyAssignment,
    original: TypeScript.Node,
  ): TypeScript.ObjectLiteralElementLike {
    if (!isEarlier(checker.getShorthandAssignmentValueSymbol(original))) return node;
    const name = factory.createIdentifier(node.name.text);
    const exported = factory.createIdentifier('exports');
    const variable = factory.createPropertyAccessExpression(exported, name);
    const fallback = node.objectAssignmentInitializer;
    return factory.createPropertyAssignment(
      name,
      fallback ? factory.createAssignment(variable, fallback) : variable,
    );
  }

  /** { y: a } with a name that has no declaration, which tslab leaves alone. */
  function detached(node: TypeScript.BindingElement): TypeScript.BindingElement {
    const { dotDotDotToken, propertyName: key, name, initializer } = node;
    if (!key || !ts.isIdentifier(key) || !isEarlier(checker.getSymbolAtLocation(key))) return node;
    const plain = factory.createIdentifier(key.text);
    return factory.updateBindingElement(node, dotDotDotToken, plain, name, initializer);
  }

  return (context) => {
    const visit: TypeScript.Visitor = (original) => {
      const node = ts.visitEachChild(original, visit, context);
      if (ts.isShorthandPropertyAssignment(node)) return qualified(node, original);
      if (ts.isBindingElement(node)) return detached(node);
      return node;
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}
