/** A style as text, put in by the build. */
declare module "*.css" {
  const style: string;
  export default style;
}
