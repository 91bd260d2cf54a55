package store

// Dialect writes the SQL, and reads the errors, that differ between the databases. Names of tables and columns are
// written as they are: they come from the program, never from a request.
type Dialect interface {
	// Name is [SQLite] or [Postgres].
	Name() string
	// Placeholder stands for the n-th argument, n from 1. Arguments are given once each, in the order of their
	// placeholders: SQLite's have no number.
	Placeholder(n int) string
	// Contains is a condition that holds where the text in column contains the text arg, byte by byte: no wildcard,
	// no folding of case. Null contains nothing, and every text contains the empty one.
	Contains(column, arg string) string
	// Member is the text that the JSON object in column has under the name arg, compared byte by byte; null where it has
	// none. The object's values are texts.
	Member(column, arg string) string
	// Earlier is the instant that lies so many hours before the instant arg, a whole second; hours is an expression. What
	// it gives can be compared with columns of instants, nothing else.
	Earlier(arg, hours string) string
	// Lock follows a SELECT whose rows the transaction is about to write: nobody else can write them before it ends.
	// SQLite needs none, its transactions own the whole database.
	Lock() string
	// Share follows a SELECT of a table with this alias, whose rows must stay as they are until the transaction ends.
	// SQLite needs none.
	Share(alias string) string
	// IsUnique tells whether a write was refused because it would repeat a unique key, and which: the table and the
	// key's columns, as "contacts(workspace_id, external_id)", the same on both databases.
	IsUnique(err error) (constraint string, ok bool)
	// IsForeignKey tells whether a write was refused because what it links to is not there, or is of another
	// workspace, or because something still links to what it deletes.
	IsForeignKey(err error) bool
	// IsRetryable tells whether the same transaction may succeed when it is run again from its start: a deadlock, a
	// failed serialisation, a lock that was not free in time.
	IsRetryable(err error) bool
}
