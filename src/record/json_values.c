#include "json_int.h"

#include <stdlib.h>
#include <string.h>

json_t *
json_text(const char *text)
{
	json_t *value = json_string(text);
	char *copy;

	if (value != NULL)
		return value;
	copy = strdup(text); /* not UTF-8, or no memory */
	if (copy == NULL)
		return NULL;
	for (char *s = copy; *s != '\0'; s++) {
		if ((unsigned char)*s >= 0x80)
			*s = '?';
	}
	value = json_string(copy);
	free(copy);
	return value;
}

json_t *
json_addr(const struct addr *a)
{
	char text[ADDR_TEXT];

	if (!addr_is_set(a))
		return json_null();
	return json_string(addr_format(a, text));
}

json_t *
json_utc(const struct result *r, struct mono t)
{
	char text[TIME_TEXT];

	return json_string(wall_format(result_utc(r, t), text));
}

json_t *
json_ms(int64_t ns)
{
	if (ns < 0)
		return json_null();
	return json_real((double)ns / (double)TIME_MS);
}

json_t *
json_since_start(const struct result *r, const struct path *p, struct mono t)
{
	int64_t start = result_utc(r, p->start).ns / TIME_US * TIME_US;

	return json_real((double)(result_utc(r, t).ns - start) / (double)TIME_MS);
}

void
json_put(json_t *object, const char *key, json_t *value, bool *ok)
{
	if (value == NULL || json_object_set_new(object, key, value) != 0)
		*ok = false;
}

void
json_append(json_t *array, json_t *value, bool *ok)
{
	if (value == NULL || json_array_append_new(array, value) != 0)
		*ok = false;
}

json_t *
json_done(json_t *value, bool ok)
{
	if (ok)
		return value;
	json_decref(value);
	return NULL;
}
