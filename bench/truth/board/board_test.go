package board

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const line = `{"id":"pip","name":"Sales","stages":[{"id":"s1","name":"New","kind":"OPEN"},{"id":"s2","name":"Won","kind":"WON"}]}`

func card(id, stage, title string) string {
	return fmt.Sprintf(`{"id":%q,"stageId":%q,"title":%q,"owner":{"name":"Ada"}}`, id, stage, title)
}

func column(stage string, cards ...string) string {
	return fmt.Sprintf(`{"stage":{"id":%q},"totals":{"stageId":%q,"count":%d,"amounts":[]},"cards":{"nodes":[%s],"pageInfo":{}}}`,
		stage, stage, len(cards), strings.Join(cards, ","))
}

// start is a board with a, b, c in s1 and d in s2.
func start(t *testing.T) *Board {
	t.Helper()
	a, err := ParseAnswer(json.RawMessage(fmt.Sprintf(`{"revision":"7","pipeline":%s,"columns":[%s,%s]}`, line,
		column("s1", card("a", "s1", "A"), card("b", "s1", "B"), card("c", "s1", "C")), column("s2", card("d", "s2", "D")))))
	require.NoError(t, err)
	b, err := a.Board()
	require.NoError(t, err)
	return b
}

func commit(t *testing.T, cards string, rest string) *Frame {
	t.Helper()
	f, err := ParseFrame(json.RawMessage(`{"__typename":"BoardCommit","revision":"8","cards":[` + cards + `],` + rest + `}`))
	require.NoError(t, err)
	return f
}

func change(kind, reason, id, stage, after string) string {
	quote := func(s string) string {
		if s == "" {
			return "null"
		}
		return `"` + s + `"`
	}
	record := "null"
	if kind != "LEFT" {
		record = card(id, stage, strings.ToUpper(id))
	}
	return fmt.Sprintf(`{"kind":%q,"reason":%s,"recordId":%q,"record":%s,"stageId":%s,"afterRecordId":%s,"changedFields":[]}`,
		kind, quote(reason), id, record, quote(stage), quote(after))
}

func totals(stage string, count int) string {
	return fmt.Sprintf(`{"stageId":%q,"count":%d,"amounts":[]}`, stage, count)
}

func TestApply(t *testing.T) {
	for name, test := range map[string]struct {
		cards, rest string
		want        string // "a b c | d", or the error
	}{
		"enters on top":     {change("ENTERED", "CREATED", "e", "s1", ""), `"columns":[` + totals("s1", 4) + `]`, "e a b c | d"},
		"enters below":      {change("ENTERED", "FILTER", "e", "s1", "a"), `"columns":[` + totals("s1", 4) + `]`, "a e b c | d"},
		"moves down":        {change("MOVED", "", "a", "s1", "c"), `"columns":[]`, "b c a | d"},
		"moves over":        {change("MOVED", "", "a", "s2", "d"), `"columns":[` + totals("s1", 2) + "," + totals("s2", 2) + `]`, "b c | d a"},
		"leaves":            {change("LEFT", "DELETED", "b", "", ""), `"columns":[` + totals("s1", 2) + `]`, "a c | d"},
		"two in order":      {change("MOVED", "", "c", "s1", "") + "," + change("MOVED", "", "b", "s1", "c"), `"columns":[]`, "c b a | d"},
		"loses a total":     {change("LEFT", "DELETED", "b", "", ""), `"columns":[]`, "holds 2 cards, its totals count 3"},
		"enters twice":      {change("ENTERED", "CREATED", "a", "s1", ""), `"columns":[]`, "held already"},
		"leaves unseen":     {change("LEFT", "DELETED", "x", "", ""), `"columns":[]`, "not held"},
		"updates unseen":    {change("UPDATED", "", "x", "s1", ""), `"columns":[]`, "not held"},
		"below a stranger":  {change("MOVED", "", "a", "s1", "x"), `"columns":[]`, "goes below x"},
		"below elsewhere":   {change("MOVED", "", "a", "s1", "d"), `"columns":[]`, "that card is in stage s2"},
		"no such stage":     {change("MOVED", "", "a", "s9", ""), `"columns":[]`, "not held"},
		"without reason":    {change("LEFT", "", "a", "", ""), `"columns":[]`, "has the reason"},
		"stage with cards":  {"", `"columns":[],"pipeline":{"id":"pip","stages":[{"id":"s1"}]}`, "1 cards are still in it"},
		"stages turned":     {"", `"columns":[],"pipeline":{"id":"pip","stages":[{"id":"s2"},{"id":"s1"}]}`, "d | a b c"},
		"stage added":       {"", `"columns":[],"pipeline":{"id":"pip","stages":[{"id":"s1"},{"id":"s3"},{"id":"s2"}]}`, "a b c |  | d"},
		"stage and a guest": {change("MOVED", "", "d", "s3", ""), `"columns":[` + totals("s3", 1) + "," + totals("s2", 0) + `],"pipeline":{"id":"pip","stages":[{"id":"s1"},{"id":"s3"}]}`, "a b c | d"},
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			err := b.Apply(commit(t, test.cards, test.rest))
			if !strings.Contains(test.want, " | ") {
				require.ErrorContains(t, err, test.want)
				return
			}
			require.NoError(t, err)
			var columns []string
			for _, c := range b.Columns {
				columns = append(columns, strings.Join(IDs(c.Cards), " "))
			}
			require.Equal(t, test.want, strings.Join(columns, " | "))
			require.Equal(t, Revision(8), b.Revision)
		})
	}
}

func TestDiff(t *testing.T) {
	require.Empty(t, Diff(start(t), start(t), WithLinks))

	other := start(t)
	other.Columns[0].Cards[0].Raw = json.RawMessage(`{"owner":{"name":"Ben"}, "title":"A","stageId":"s1","id":"a"}`)
	require.Empty(t, Diff(start(t), other, AtRevision), "links and the order of keys do not count at a revision")
	require.Len(t, Diff(start(t), other, WithLinks), 1)

	for name, spoil := range map[string]func(b *Board){
		"field":   func(b *Board) { b.Columns[0].Cards[0].Raw = json.RawMessage(card("a", "s1", "Z")) },
		"order":   func(b *Board) { c := b.Columns[0].Cards; c[0], c[1] = c[1], c[0] },
		"missing": func(b *Board) { b.Columns[0].Cards = b.Columns[0].Cards[1:] },
		"extra":   func(b *Board) { b.Columns[1].Cards = append(b.Columns[1].Cards, b.Columns[0].Cards[0]) },
		"totals":  func(b *Board) { b.Columns[0].Totals.Amounts = []Amount{{Currency: "USD", Count: 1}} },
		"name":    func(b *Board) { b.Pipeline.Raw = json.RawMessage(strings.Replace(line, "Sales", "Sold", 1)) },
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			spoil(b)
			require.NotEmpty(t, Diff(start(t), b, AtRevision))
			require.NotEmpty(t, Diff(b, start(t), AtRevision))
		})
	}
}

func TestAnswerDisagreeingWithItself(t *testing.T) {
	for name, columns := range map[string]string{
		"a card twice":   column("s1", card("a", "s1", "A")) + "," + column("s2", card("a", "s2", "A")),
		"order of pages": column("s2") + "," + column("s1"),
		"a column less":  column("s1"),
	} {
		t.Run(name, func(t *testing.T) {
			a, err := ParseAnswer(json.RawMessage(fmt.Sprintf(`{"revision":"7","pipeline":%s,"columns":[%s]}`, line, columns)))
			require.NoError(t, err)
			_, err = a.Board()
			require.Error(t, err)
		})
	}
}
