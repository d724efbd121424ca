// Whether the session is over, and how it begins again in place.
let over = false;

export const isOver = () => over;

// Asks whether the same user is still here, and returns a fresh token; "" where they are not.
export async function comeBack() {
  return "";
}
