/** The icons: lines of one weight, drawn here. */

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h10",
  plus: "M12 5v14M5 12h14",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M8 8h8v8H8z",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  done: "M5 13l4 4L19 7",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  up: "M7 11v9H4v-9zM7 11l4-7c2 0 3 1 2.500 3L13 10h5c1.500 0 2 1 1.700 2.500l-1.400 6c-.3 1-1 1.500-2 1.500H7",
  down: "M17 13V4h3v9zM17 13l-4 7c-2 0-3-1-2.500-3l.5-3H6c-1.500 0-2-1-1.700-2.500l1.400-6c.3-1 1-1.500 2-1.500H17",
  newest: "M12 5v14M6 13l6 6 6-6",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M13 4.500v5M7 14.500v5",
  phone: "M6 4h4l1.500 5-2.500 1.500a11 11 0 0 0 4.500 4.500l1.500-2.500 5 1.500v4c0 1-1 2-2 2C10.500 20 4 13.500 4 6c0-1 1-2 2-2Z",
  write: "M4 5h16v11H10l-4 4v-4H4z",
  close: "M6 6l12 12M18 6L6 18",
  mic: "M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4ZM6 11.500a6 6 0 0 0 12 0M12 17.500V21",
  speak: "M4 10v4h3l4 4V6L7 10zM15 9c1.500 1.500 1.500 4.500 0 6M17.500 6.500c3 3 3 8 0 11",
  search: "M11 5a6 6 0 1 1 0 12 6 6 0 0 1 0-12ZM15.500 15.500L20 20",
  chevron: "M7 10l5 5 5-5",
};

export type IconName = keyof typeof PATHS;

/** An icon; what it means is said by the words beside it or by its button's label. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
