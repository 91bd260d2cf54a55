package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// What the README promises its readers, done as they do it: the commands of its blocks, in two terminals.
func TestTour(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		tour := readTour(t)
		first, second, url := twoTerminals(t, dialect)

		first.run(tour.start)
		awaitHealth(t, url)
		revision, cards := opened(t, first.run(tour.open))

		var seen []string
		expect := func(format string, args ...any) {
			t.Helper()
			line, ok := second.line()
			require.True(t, ok, "the watcher ended:\n%s", strings.Join(seen, "\n"))
			seen = append(seen, line)
			require.Equal(t, fmt.Sprintf(format, args...), line, "after:\n%s", strings.Join(seen, "\n"))
		}
		// Who watches is told in between, so the board may be up to date with more than its cards.
		ready := func(least int) {
			t.Helper()
			line, ok := second.line()
			require.True(t, ok, "the watcher ended:\n%s", strings.Join(seen, "\n"))
			seen = append(seen, line)
			var at int
			_, err := fmt.Sscanf(line, "%d BoardReady up to date", &at)
			require.NoError(t, err, line)
			require.GreaterOrEqual(t, at, least)
		}
		const moved = `%d BoardCommit Olivia Hart: "%s" MOVED, Qualified`

		second.enter(tour.watch)
		expect("%d BoardSnapshot %d cards", revision, cards)
		revision, title := movedCard(t, first.run(tour.move), revision)
		expect(moved, revision, title)

		first.run(tour.kill)
		awaitHealth(t, url)
		expect("gone (1006): press Enter to come back")
		revision, title = movedCard(t, first.run(tour.miss), revision)
		second.enter("\n")
		expect(moved, revision, title)
		ready(revision)
		revision, title = movedCard(t, first.run(tour.live), revision)
		expect(moved, revision, title)

		require.Equal(t, shape(tour.output), shape(strings.Join(seen, "\n")+"\n"), "the README shows another output")
	})
}

// The README explains lines that really are in the program.
func TestTourExcerpt(t *testing.T) {
	program, err := os.ReadFile("tour.mjs")
	require.NoError(t, err)
	indent := regexp.MustCompile(`(?m)^ +`)
	require.Contains(t, indent.ReplaceAllString(string(program), ""), indent.ReplaceAllString(readTour(t).excerpt, ""))
}

// twoTerminals opens them in a checkout without data, and gives the address at which the server is going to be.
func twoTerminals(t *testing.T, dialect string) (first, second *terminal, url string) {
	t.Helper()
	dir, port, database := house(t), freePort(t), ""
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "var")))
	if dialect == store.Postgres {
		database = servertest.Database(t, dialect)
	}
	// A reader has none of these; what the tests' own environment has must not matter.
	env := append(os.Environ(), "PORT="+port, "DATABASE_URL="+database, "HOST=", "VAR_DIR=", "LOG_LEVEL=", "ALLOWED_ORIGINS=")
	return openTerminal(t, dir, env), openTerminal(t, dir, env), "http://127.0.0.1:" + port
}

// answer finds the one response among what a terminal said; the server's own words may stand around it.
func answer(t *testing.T, said string, into any) {
	t.Helper()
	found := 0
	for line := range strings.Lines(said) {
		if strings.HasPrefix(line, "{") {
			found++
			require.NoError(t, json.Unmarshal([]byte(line), into), line)
		}
	}
	require.Equal(t, 1, found, "one response in:\n%s", said)
}

func opened(t *testing.T, said string) (revision, cards int) {
	t.Helper()
	var a struct {
		Data struct {
			Board struct {
				Revision int `json:",string"`
				Columns  []struct{ Totals struct{ Count int } }
			}
		}
	}
	answer(t, said, &a)
	require.NotEmpty(t, a.Data.Board.Columns, said)
	for _, c := range a.Data.Board.Columns {
		cards += c.Totals.Count
	}
	return a.Data.Board.Revision, cards
}

// movedCard reads which card was moved, and the revision of it: one after another.
func movedCard(t *testing.T, said string, after int) (revision int, title string) {
	t.Helper()
	var a struct {
		Data struct {
			MoveRecord struct {
				Revision int `json:",string"`
				Record   struct{ Title string }
			}
		}
	}
	answer(t, said, &a)
	require.Greater(t, a.Data.MoveRecord.Revision, after, said)
	return a.Data.MoveRecord.Revision, a.Data.MoveRecord.Record.Title
}

// shape is an output without what differs from day to day: revisions, numbers of cards, titles.
func shape(output string) string {
	output = regexp.MustCompile(`(?m)^\d+|\d+ cards$`).ReplaceAllString(output, "N")
	return regexp.MustCompile(`"[^"\n]*"`).ReplaceAllString(output, `"…"`)
}
