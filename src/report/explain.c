/* --explain: what every rule had to say about every hop. */
#include "text_int.h"

enum { INDENT = 14 };

static void
print_rule(const struct result *r, const struct operator *o, enum operator_rule rule,
    const struct report_style *style, FILE *out)
{
	char why[OPERATOR_WHY];
	bool part = operator_explain(o, rule, survey_tables(r->survey)->groups, why);

	if (!part && style->color)
		fputs("\033[2m", out);
	fprintf(out, "     %-4s %-4s", operator_rule_name(rule), part ? "yes" : "no");
	wrap_print(why, style->width, INDENT, out);
	if (!part && style->color)
		fputs("\033[0m", out);
}

static void
print_head(const struct result *r, const struct track *t, size_t i, FILE *out)
{
	const struct operator *o = &t->operator[i];
	const struct operator_set *set = &o->candidates;
	char address[ADDR_TEXT], name[SURVEY_NAME];

	fprintf(out, "\nhop %u, %s: ", t->hop[i].ttl,
	    addr_is_set(&t->hop[i].addr) ? addr_format(&t->hop[i].addr, address)
					 : "silent");
	for (unsigned k = 0; k < set->count; k++)
		fprintf(out, "%s%s", k > 0 ? " or " : "",
		    survey_name(r->survey, set->group[k], name));
	fputs(set->count == 0 ? "nobody known" : "", out);
	fprintf(out, "%s; confidence: %s; by %s\n",
	    o->open ? " or a network that shows no hop" : "",
	    operator_confidence_name(o->confidence), operator_rule_name(o->rule));
}

void
explain_print(const struct result *r, const struct track *t,
    const struct report_style *style, FILE *out)
{
	for (size_t i = t->first; i < t->count; i++) {
		print_head(r, t, i, out);
		for (int rule = 0; rule < OPERATOR_RULES; rule++)
			print_rule(
			    r, &t->operator[i], (enum operator_rule)rule, style, out);
	}
}
