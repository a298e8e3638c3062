package backissue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/** An OpenSearch node for tests, with its modules on the class path: {@code ClusterNode HOME setting=value ...}. It ends with its input. */
public final class ClusterNode extends Node {
    private static final String[] MODULES = {
        "org.opensearch.transport.Netty4ModulePlugin",
        "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
        "org.opensearch.index.mapper.MapperExtrasModulePlugin",
        "org.opensearch.painless.PainlessModulePlugin",
        "org.opensearch.index.reindex.ReindexModulePlugin",
    };

    private ClusterNode(Environment environment, List<PluginInfo> modules) {
        super(environment, modules, true);
    }

    public static void main(String[] args) throws Exception {
        Settings.Builder builder = Settings.builder().put("path.home", args[0]);
        for (int i = 1; i < args.length; i++) {
            int at = args[i].indexOf('=');
            String value = args[i].substring(at + 1);
            if (value.indexOf(',') < 0) builder.put(args[i].substring(0, at), value);
            else builder.putList(args[i].substring(0, at), value.split(","));
        }
        List<PluginInfo> modules = new ArrayList<>();
        for (String name : MODULES) {
            modules.add(new PluginInfo(name, "", "NA", Version.CURRENT, "21", name, null, List.of(), false));
        }
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            builder.build(), Map.of(), Path.of(args[0], "config"), () -> "node");
        LogConfigurator.registerErrorListener();
        LogConfigurator.configure(environment);
        Node node = new ClusterNode(environment, modules);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try { node.close(); } catch (java.io.IOException e) { e.printStackTrace(); }
        }));
        node.start();
        while (System.in.read() >= 0) { }  // until whoever started it closes the pipe, or is gone
        System.exit(0);
    }
}
