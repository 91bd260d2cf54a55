package e2e_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/servertest"
)

// step is what docs/tour-records.md has people type, and what it says they are answered.
type step struct{ name, commands, answer string }

// stepBlock is a fenced block of the tour of records: a step, or the answer of the step before.
var stepBlock = regexp.MustCompile("(?ms)^```[a-z]+ (step|answer) ([a-z]+)\n(.*?\n)```$")

// stepFence is where any fenced block begins, however it goes on.
var stepFence = regexp.MustCompile("(?m)^```.+$")

func readSteps(t *testing.T) (steps []step) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs/tour-records.md"))
	require.NoError(t, err)
	blocks := stepBlock.FindAllStringSubmatch(string(text), -1)
	require.Len(t, blocks, len(stepFence.FindAll(text, -1)), "a block that the test does not execute")
	for _, b := range blocks {
		if b[1] == "step" {
			steps = append(steps, step{name: b[2], commands: b[3]})
			continue
		}
		last := &steps[len(steps)-1]
		require.Equal(t, last.name, b[2], "an answer follows its step")
		last.answer = b[3]
	}
	require.Greater(t, len(steps), 10)
	return steps
}

// What docs/tour-records.md promises, done as its readers do it: each block is typed, and answers what is shown.
func TestTourOfRecords(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		steps := readSteps(t)
		first, second, url := twoTerminals(t, dialect)
		first.run(readTour(t).start)
		awaitHealth(t, url)
		for _, s := range steps {
			said, want := fixed(second.run(s.commands)), fixed(s.answer)
			if s.name == "yesterday" { // the demo has another past every day
				digits := regexp.MustCompile(`\d+`)
				said, want = digits.ReplaceAllString(said, "N"), digits.ReplaceAllString(want, "N")
			}
			assert.Equal(t, want, said, "step %s", s.name)
		}
	})
}

// fixed is an answer without what differs from day to day: ids, revisions and times.
func fixed(said string) string {
	said = regexp.MustCompile(`[a-z]{3}_[0-9a-z]{26}`).ReplaceAllString(said, "id")
	said = regexp.MustCompile(`"revision":"\d+"`).ReplaceAllString(said, `"revision":"N"`)
	said = regexp.MustCompile(`"updatedAt":"[0-9T:.-]+Z"`).ReplaceAllString(said, `"updatedAt":"T"`)
	return strings.TrimSpace(said)
}
