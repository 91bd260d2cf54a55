package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	_ "modernc.org/sqlite" // registers the driver that sqliteConnector opens
)

// sqliteConnector opens connections of the registered SQLite driver, which has no connector of its own.
type sqliteConnector struct{ dsn string }

var sqliteDriver = func() driver.Driver {
	db, err := sql.Open("sqlite", "")
	if err != nil {
		panic(err) // the driver is imported above
	}
	return db.Driver()
}()

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	return sqliteDriver.Open(c.dsn)
}
func (c sqliteConnector) Driver() driver.Driver { return sqliteDriver }

// connector wraps the connections of a driver, so that every statement passes through [conn] and [stmt].
type connector struct{ open driver.Connector }

func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.open.Connect(ctx)
	if err != nil {
		return nil, err
	}
	modern, ok := inner.(modernConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a %T cannot be wrapped", inner), inner.Close())
	}
	return &conn{modern}, nil
}

func (c *connector) Driver() driver.Driver { return c.open.Driver() }

// modernConn is what both drivers' connections can do. A driver that could less would lose it behind [conn].
type modernConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// conn passes everything on to a driver's connection, counting statements for [Count] and making the times among the
// arguments UTC and whole microseconds.
type conn struct{ modernConn }

func (c *conn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	count(ctx, text)
	normalise(args)
	return c.modernConn.ExecContext(ctx, text, args)
}

func (c *conn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	count(ctx, text)
	normalise(args)
	return c.modernConn.QueryContext(ctx, text, args)
}

func (c *conn) Prepare(text string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), text)
}

func (c *conn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	inner, err := c.modernConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	modern, ok := inner.(modernStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a %T cannot be wrapped", inner), inner.Close())
	}
	return &stmt{modern, text}, nil
}

func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	counter := countEdge(ctx, "BEGIN")
	inner, err := c.modernConn.BeginTx(ctx, opts)
	if err != nil || counter == nil {
		return inner, err
	}
	return &countedTx{inner, counter}, nil
}

// CheckNamedValue converts arguments as the driver wants them, or as database/sql does where it does not care.
func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	if inner, ok := c.modernConn.(driver.NamedValueChecker); ok {
		return inner.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// modernStmt is what both drivers' statements can do.
type modernStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// stmt is a prepared statement. Only its executions are counted.
type stmt struct {
	modernStmt
	text string
}

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	count(ctx, s.text)
	normalise(args)
	return s.modernStmt.ExecContext(ctx, args)
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	count(ctx, s.text)
	normalise(args)
	return s.modernStmt.QueryContext(ctx, args)
}

// normalise makes every time one that both databases give back as it was. Cut, not rounded: a moment must not move
// into the future.
func normalise(args []driver.NamedValue) {
	for i := range args {
		if t, ok := args[i].Value.(time.Time); ok {
			args[i].Value = t.UTC().Truncate(time.Microsecond)
		}
	}
}
