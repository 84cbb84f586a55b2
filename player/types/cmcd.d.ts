/**
 * CMCD v2 event mode (CTA-5004-B) for players that speak it, with the settings that docs/send-beacons.md recommends:
 * one target, changes of state at once, a sign of life each 40 s, media requests left as they are.
 *
 *     const beacons = cmcd({ url: "https://….execute-api.….amazonaws.com/Default", content: "film-1" });
 *     new Hls(beacons.hls);  or  player.updateSettings(beacons.dash);  or  player.configure(beacons.shaka);
 *
 * No player says that the viewer has left: this does, when the page goes or `quit` is called.
 * @param {{ url: string, session?: string, content?: string }} options the invoke URL of the API; the ids are CMCD's
 */
export function cmcd({ url, session, content }: {
    url: string;
    session?: string;
    content?: string;
}): {
    session: string;
    quit: () => Promise<Response>;
    hls: {
        cmcd: {
            version: number;
            includeKeys: never[];
            eventTargets: {
                url: string;
                events: string[];
                interval: number;
                batchSize: number;
            }[];
            loader: ({ url, ...request }: {
                url: string;
                method?: string;
                headers?: Record<string, string>;
                body?: BodyInit;
            }) => Promise<Response>;
            sessionId: string;
            contentId: string | undefined;
        };
    };
    dash: {
        streaming: {
            cmcd: {
                version: number;
                enabled: boolean;
                sid: string;
                cid: string | undefined;
                eventTargets: {
                    enabled: boolean;
                    enabledKeys: string[];
                    url: string;
                    events: string[];
                    interval: number;
                    batchSize: number;
                }[];
            };
        };
    };
    shaka: {
        cmcd: {
            contentId: string;
            enabled: boolean;
            version: number;
            eventTargets: {
                url: string;
                events: string[];
                interval: number;
                batchSize: number;
            }[];
            sessionId: string;
        };
    };
};
