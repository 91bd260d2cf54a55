package store

import (
	"container/list"
	"context"
	"database/sql"
	"sync"
)

// maxStatements bounds the kept statements of a database. Each is also kept by the server, once per connection.
const maxStatements = 256

// statements keeps the prepared statements that were used last. A statement that is pushed out is closed by whoever
// uses it last, so that nobody ever runs a closed one.
type statements struct {
	db  *sql.DB
	max int

	mu     sync.Mutex
	byText map[string]*list.Element
	recent *list.List // of *statement, the last used in front
}

type statement struct {
	*sql.Stmt
	text  string
	users int
	out   bool // no longer in byText
}

func newStatements(db *sql.DB, max int) *statements {
	return &statements{db: db, max: max, byText: map[string]*list.Element{}, recent: list.New()}
}

// take gives the statement of a text, prepared. It is the caller's until it gives it back. Two callers that come with
// a new text at once may both prepare it; one of the two is kept.
func (s *statements) take(ctx context.Context, text string) (*statement, error) {
	if st := s.find(text); st != nil {
		return st, nil
	}
	prepared, err := s.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if st := s.find(text); st != nil {
		_ = prepared.Close() // of no use any more, and the caller has a good one
		return st, nil
	}
	st := &statement{Stmt: prepared, text: text, users: 1}
	s.keep(st)
	return st, nil
}

// want prepares texts for the next time. What cannot be prepared now is met again then.
func (s *statements) want(ctx context.Context, texts []string) {
	for _, text := range texts {
		if st, err := s.take(ctx, text); err == nil {
			s.give(st, false)
		}
	}
}

func (s *statements) find(text string) *statement {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.byText[text]
	if !ok {
		return nil
	}
	s.recent.MoveToFront(e)
	st := e.Value.(*statement)
	st.users++
	return st
}

func (s *statements) keep(st *statement) {
	s.mu.Lock()
	if _, ok := s.byText[st.text]; ok {
		st.out = true
		s.mu.Unlock()
		return
	}
	s.byText[st.text] = s.recent.PushFront(st)
	var unused []*statement
	for s.recent.Len() > s.max {
		if old := s.remove(s.recent.Back()); old.users == 0 {
			unused = append(unused, old)
		}
	}
	s.mu.Unlock()
	closeAll(unused)
}

// remove takes a statement out. The caller holds the lock, and closes the statement if nobody uses it.
func (s *statements) remove(e *list.Element) *statement {
	st := s.recent.Remove(e).(*statement)
	delete(s.byText, st.text)
	st.out = true
	return st
}

// give returns a statement. One that failed is thrown out: a plan that a change of the tables made invalid must not be
// met again. Rows that it gave may still be open; they keep what they need of it.
func (s *statements) give(st *statement, failed bool) {
	s.mu.Lock()
	st.users--
	if e, ok := s.byText[st.text]; ok && failed && e.Value == any(st) {
		s.remove(e)
	}
	unused := st.out && st.users == 0
	s.mu.Unlock()
	if unused {
		_ = st.Close() // nothing of the caller's depends on it
	}
}

func (s *statements) close() {
	s.mu.Lock()
	var unused []*statement
	for s.recent.Len() > 0 {
		if st := s.remove(s.recent.Back()); st.users == 0 {
			unused = append(unused, st)
		}
	}
	s.mu.Unlock()
	closeAll(unused)
}

func closeAll(list []*statement) {
	for _, st := range list {
		_ = st.Close() // a statement that cannot be closed has lost its connection
	}
}
