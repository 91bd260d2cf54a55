package main

import (
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
	for _, m := range r.subjects() {
		r.rights.Follow(m.MemberID, m.SeesAll)
	}
	filters := r.filters()
	var out []*watcher.Watcher
	for i := range r.config.watchers {
		pipeline := r.demo.Pipelines[(i+i/len(r.demo.Pipelines))%len(r.demo.Pipelines)]
		w := &watcher.Watcher{
			Number: i, Kind: kinds[i%len(kinds)], Every: r.config.every, Fleet: r.fleet, Court: r.court, Quiet: &r.quiet,
			Rights: &r.rights, Owner: owner, RightsMark: fmt.Sprintf("%s-%d-", r.mark(), r.config.writers),
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
	no := false
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
		{TitleContains: writer.Adjectives[2]},
		{Not: &view.Filter{TitleContains: writer.Nouns[3]}},
		{Probability: &view.Percents{Gte: 20, Lte: 70}},
		{SourceIn: []string{"API", "CHATBOT"}},
		{Not: &view.Filter{SourceIn: []string{"API"}}, Value: &view.ValueRange{IsNull: &no}},
		{Or: []view.Filter{{CompanyNone: &no}, {TitleContains: writer.Nouns[4]}, {Probability: &view.Percents{Gte: 0, Lte: 10}}}},
	}
}
