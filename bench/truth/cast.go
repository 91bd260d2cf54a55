package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/rapidbott/tideboard/bench/truth/stream"
	"github.com/rapidbott/tideboard/bench/truth/view"
	"github.com/rapidbott/tideboard/bench/truth/watcher"
	"github.com/rapidbott/tideboard/bench/truth/wire"
	"github.com/rapidbott/tideboard/bench/truth/writer"
)

// castWatchers makes the watchers, of all kinds, over all pipelines. The first is plain and on the first pipeline: the one
// whose stream is broken on purpose.
func (r *round) castWatchers(random *rand.Rand) ([]*watcher.Watcher, error) {
	owner, err := r.demo.Owner()
	if err != nil {
		return nil, err
	}
	sighted := append([]wire.Credential{owner}, r.demo.Sighted()...)
	restricted := r.demo.Restricted()
	if len(restricted) == 0 {
		return nil, fmt.Errorf("the demo workspace has no member who sees only its own records")
	}
	kinds := []watcher.Kind{
		watcher.Plain, watcher.Filtered, watcher.Restricted, watcher.Reconnecting, watcher.Filtered,
		watcher.Slow, watcher.Plain, watcher.Filtered, watcher.Reconnecting, watcher.Filtered,
	}
	filters := r.filters()
	var out []*watcher.Watcher
	for i := range r.config.watchers {
		pipeline := r.demo.Pipelines[(i+i/len(r.demo.Pipelines))%len(r.demo.Pipelines)]
		w := &watcher.Watcher{
			Number: i, Kind: kinds[i%len(kinds)], Every: r.config.every, Fleet: r.fleet, Court: r.court, Quiet: &r.quiet,
			View: view.View{PipelineID: pipeline.ID, Pipeline: pipeline.Name, Who: sighted[i%len(sighted)]},
		}
		if w.Kind == watcher.Restricted {
			w.View.Who = restricted[i%len(restricted)]
		}
		if i > 0 && (w.Kind == watcher.Filtered || w.Kind != watcher.Plain && random.IntN(2) == 0) {
			w.View.Filter = &filters[random.IntN(len(filters))]
		}
		if i == 0 && r.config.fault != stream.NoFault {
			w.Injector = stream.Injector{Fault: r.config.fault, Armed: r.warm, Injected: r.injected}
		}
		w.Prepare(r.config.seed)
		out = append(out, w)
	}
	return out, nil
}

// filters are what filtered watchers look through.
func (r *round) filters() []view.Filter {
	low, high, yes := int64(300_000), int64(1_200_000), true
	member := r.demo.Members[0].ID
	last := r.demo.Members[len(r.demo.Members)-1].ID
	rich := view.Filter{Value: &view.ValueRange{Gte: &low, Lt: &high}}
	word := view.Filter{Q: writer.Nouns[0]}
	urgent := view.Filter{PriorityIn: []string{"HIGH", "URGENT"}}
	return []view.Filter{
		urgent, rich, word,
		{OwnerEq: member},
		{OwnerNone: true},
		{StatusEq: "OPEN", PriorityGte: "MEDIUM"},
		{TagsAny: writer.Tags[:2]},
		{TagsAll: writer.Tags[:1], TagsNone: writer.Tags[3:5]},
		{Value: &view.ValueRange{Currency: "EUR", Gte: &low}},
		{Value: &view.ValueRange{IsNull: &yes}},
		{Or: []view.Filter{word, urgent, {OwnerEq: last}}},
		{Not: &view.Filter{Or: []view.Filter{rich, {TagsAny: writer.Tags[:3]}}}},
		{And: []view.Filter{{Not: &rich}, {Or: []view.Filter{{OwnerEq: member}, {OwnerEq: last}}}}, PriorityIn: []string{"LOW", "MEDIUM"}},
		{Q: writer.Adjectives[1] + " " + writer.Nouns[2]},
		{Not: &view.Filter{Q: writer.Nouns[1]}, StatusEq: "OPEN"},
	}
}

// castWriters makes the writers: members and the key in turn, as far as they may write.
func (r *round) castWriters(ctx context.Context, client *wire.Client, random *rand.Rand) ([]*writer.Writer, error) {
	owner, err := r.demo.Owner()
	if err != nil {
		return nil, err
	}
	credentials := append([]wire.Credential{owner}, r.demo.Sighted()...)
	if r.demo.APIKey != "" {
		credentials = append(credentials, wire.Key(r.demo.APIKey))
	}
	type hand struct {
		who    wire.Credential
		viewer *wire.Viewer
	}
	var hands []hand
	for _, who := range credentials {
		viewer, err := client.Viewer(ctx, r.fleet.Pick(random), who)
		if err != nil {
			return nil, fmt.Errorf("ask who %s is: %w", who.Name, err)
		}
		for _, p := range viewer.Permissions {
			if p == "CAN_EDIT_CRM" {
				hands = append(hands, hand{who, viewer})
			}
		}
	}
	if len(hands) == 0 {
		return nil, fmt.Errorf("no credential of the demo workspace may write")
	}
	var members []string
	for _, m := range r.demo.Members {
		members = append(members, m.ID)
		if !m.SeesAll {
			members = append(members, m.ID) // twice as often: its board is the smallest
		}
	}
	var out []*writer.Writer
	for i := range r.config.writers {
		h := hands[i%len(hands)]
		out = append(out, &writer.Writer{
			Number: i, Who: h.who, Permissions: h.viewer.Permissions, Members: members, Currency: h.viewer.Workspace.DefaultCurrency,
			Mark: fmt.Sprintf("truth-%x", uint32(r.config.seed)), Fleet: r.fleet, Court: r.court, Ledger: r.ledger,
			Directory: r.directory, Gate: &r.gate, Enough: &r.enough,
		})
	}
	return out, nil
}
