/** The items of each class, in ascending order; the classes in ascending order, too. */
export function itemsByClass(labels: ArrayLike<number>): Map<number, number[]> {
  const items = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const ofClass = items.get(labels[i]);
    if (ofClass) ofClass.push(i);
    else items.set(labels[i], [i]);
  }
  return new Map([...items].sort(([a], [b]) => a - b));
}
