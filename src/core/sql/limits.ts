// Named limits of the SQL front end and what happens at each: the statement is refused, nothing is cut short.

/** Bytes of a statement's text, and of each of its parameters (54000). */
export const STATEMENT_BYTES_MAX = 1 << 20;
/** Bytes of a syntax tree (54000). */
export const TREE_BYTES_MAX = 32 << 20;
/** Brackets open at once in a tree's JSON (54001); an expression level takes about five. */
export const TREE_NESTING_MAX = 400;
/** Levels of an expression (54001). */
export const EXPRESSION_DEPTH_MAX = 64;
/** Bytes of an identifier, as PostgreSQL's NAMEDATALEN − 1 (42622). */
export const NAME_BYTES_MAX = 63;
/** Columns of a table (54011). */
export const TABLE_COLUMNS_MAX = 100;
/** Columns of an index (54011). */
export const INDEX_COLUMNS_MAX = 32;
/** Columns of a result (54011). */
export const TARGETS_MAX = 200;
/** Relations in the FROM clause of one query (54000). */
export const FROM_RELATIONS_MAX = 64;
/** Highest `$n`, as PostgreSQL's (54023). */
export const PARAMS_MAX = 65_535;
/** Characters of a text value that a function makes (54000). */
export const TEXT_LENGTH_MAX = 1 << 20;
/** Items of an array (54000). */
export const ARRAY_ITEMS_MAX = 100_000;
/** Arrays and objects of a JSON text that stand within each other (54001). */
export const JSON_DEPTH_MAX = 1000;
/** Rows of one result (53400). */
export const RESULT_ROWS_MAX = 10_000;
/** Characters of one result, all values together (53400). */
export const RESULT_CHARACTERS_MAX = 8 << 20;
/** Values that a session may draw together from a sequence, CACHE (0A000). */
export const SEQUENCE_CACHE_MAX = 1000;
/** Fields of a line of COPY's data, and columns that PostgreSQL can have (22P04). */
export const COPY_FIELDS_MAX = 1600;
/** Rows of COPY that are read before they are written, as PostgreSQL's, and the characters of their lines. */
export const COPY_ROWS_MAX = 1000;
export const COPY_CHARACTERS_MAX = 65_535;
